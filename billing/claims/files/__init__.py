"""A claim file becomes rows, or a list of what is wrong with it. Nothing here touches the database."""
