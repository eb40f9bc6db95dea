"""Charts as Vega-Lite specifications, each with its table and a sentence that says what is seen."""
