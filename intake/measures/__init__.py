"""What a scorecard counts of dossiers, said to agents.quality as SQL."""
