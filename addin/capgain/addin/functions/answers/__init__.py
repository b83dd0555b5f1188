"""What each function answers, one module per question."""
