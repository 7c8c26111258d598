// Search reads its index by a request, which browsers refuse a page that is read from a folder.
if (window.location.protocol === "file:") {
  document.querySelector("#properdocs_search_modal .modal-body").textContent =
    "A page that is read from a folder cannot search. Serve the site: properdocs serve";
}
