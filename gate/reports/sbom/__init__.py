"""Bills of materials: what targets hold, as CycloneDX and SPDX write it."""
