"""What figures are called and mean, where a step stands, and figures bound into prose."""
