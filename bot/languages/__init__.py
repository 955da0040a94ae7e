"""Languages: locale codes, scripts, folding, transliteration, language detection, interface texts."""
