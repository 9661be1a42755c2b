"""The pages that the router runs, and the film viewer that they share."""
