"""The parts of the model card's page, by what they speak of. Each function writes one of them onto the page."""
