"""Storage: tables, migrations, encryption, one repository per aggregate."""
