"""Numbers of the delivery for Prometheus. Names and labels are fixed words: no words or ids of people."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class PrometheusMeter:
    """Keeps one metric for each name and set of label names."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._counters: dict[str, Counter] = {}
        self._histograms: dict[str, Histogram] = {}
        self._gauges: dict[str, Gauge] = {}

    def count(self, name: str, amount: float = 1.0, **labels: str) -> None:
        """Something happened `amount` times."""
        metric = self._counters.get(name)
        if metric is None:
            metric = Counter(f"hotline_{name}", name.replace("_", " "), sorted(labels), registry=self._registry)
            self._counters[name] = metric
        (metric.labels(**labels) if labels else metric).inc(amount)

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Something took `seconds`."""
        metric = self._histograms.get(name)
        if metric is None:
            title = f"hotline_{name}_seconds"
            metric = Histogram(title, name.replace("_", " "), sorted(labels), registry=self._registry)
            self._histograms[name] = metric
        (metric.labels(**labels) if labels else metric).observe(seconds)

    def gauge(self, name: str, value: float, **labels: str) -> None:
        """Something stands at `value` now."""
        metric = self._gauges.get(name)
        if metric is None:
            metric = Gauge(f"hotline_{name}", name.replace("_", " "), sorted(labels), registry=self._registry)
            self._gauges[name] = metric
        (metric.labels(**labels) if labels else metric).set(value)
