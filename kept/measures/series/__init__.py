"""Series: figures that are kept elsewhere, brought in with their source so that they can stand beside measures."""
