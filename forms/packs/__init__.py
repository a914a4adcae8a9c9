"""Policy packs, one folder an id, one folder a version."""
