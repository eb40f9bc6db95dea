"""From obligations to figures: the catalogue of measures, their statistics and their charts."""
