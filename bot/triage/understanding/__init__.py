"""Understanding what people write where a flow asks: numbers, money, days, regions, countries, choices."""
