"""The form builder: versions of a review's form, and the words a review measures by."""
