"""What a draft would have cost in past months: asked, worked out by a worker, compared. Import the submodule."""
