// Whether it is files that are dragged, and not text or a picture of the page.
export const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
