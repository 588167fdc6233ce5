"""The pages of docs/ inside the site, so that help is there without a network."""
