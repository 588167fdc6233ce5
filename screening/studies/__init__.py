"""Reports grouped into studies, with suggestions and their evidence."""
