// A row of links that does not fit shows where one is.
for (const open of document.querySelectorAll("nav [aria-current]")) {
  const { left, width } = open.getBoundingClientRect();
  for (let row = open.parentElement; row.localName !== "body"; row = row.parentElement) {
    const seen = row.getBoundingClientRect();
    if (row.scrollWidth > row.clientWidth) row.scrollLeft += left + width / 2 - seen.left - seen.width / 2;
  }
}
