"""The files of installed packages with their digests, as the databases of dpkg, apk and rpm record them."""
