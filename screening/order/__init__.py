"""The order of reading, and when reading may stop. The models are in `screening.ranking`."""
