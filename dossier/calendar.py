from datetime import date, timedelta


def working_days_between(a: date, b: date) -> int:
    return sum((a + timedelta(days=i)).weekday() < 5 for i in range(1, (b - a).days + 1))
