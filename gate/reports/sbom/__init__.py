"""Bills of materials of targets, in CycloneDX and SPDX."""
