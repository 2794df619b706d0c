//! Poverty statistics, backtest and calibration figures on plain slices. Knows no file and no pack.
