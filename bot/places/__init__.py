"""The gazetteer of Mali and the matcher of misspelt names: pure, no clock, no network."""
