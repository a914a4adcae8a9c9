"""八步通: village poverty identification, exit and monitoring, offline."""
