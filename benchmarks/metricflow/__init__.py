"""What MetricFlow alone costs over events, beside the project's answer to the same question."""
