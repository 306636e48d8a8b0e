"""Triển khai: carries a directive through a whole organisation, every figure opening into its facts."""

__version__ = "2026.11.0"
