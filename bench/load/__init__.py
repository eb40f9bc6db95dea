"""The service under load: fifty people who click through a day, on a force year, and what each page took."""
