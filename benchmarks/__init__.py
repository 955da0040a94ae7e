"""Measurements beside a bare aiogram bot on the same server in the same run: `python -m benchmarks`."""
