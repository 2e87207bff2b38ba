"""Masking: what of a text tells who somebody is, by the program's words and by the desk's own."""
