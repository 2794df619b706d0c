//! A seeded population, its shocks, facts and outcomes. Knows neither the pack's thresholds nor the monitor.
