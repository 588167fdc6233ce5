"""A walk through a review, page by page: about three minutes; left and taken up again at any step."""
