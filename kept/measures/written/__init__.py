"""What was written, as measures of it are counted: narrow tables of entries and of forms, made when first asked for."""
