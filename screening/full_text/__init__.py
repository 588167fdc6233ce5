"""Reports and their PDFs: got hold of, kept, shown. Reading a PDF is in `screening.documents`."""
