"""The pages that the router runs, their parts, and the film viewer that they share."""
