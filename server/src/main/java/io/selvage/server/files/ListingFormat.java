package io.selvage.server.files;

/// The form in which the content of a folder is sent (`autoindex_format`).
public enum ListingFormat { HTML, XML, JSON, JSONP }
