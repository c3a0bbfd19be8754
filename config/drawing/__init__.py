"""docs/states.md, drawn from the state tables of all apps, so that picture and code cannot differ."""
