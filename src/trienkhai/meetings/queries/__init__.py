"""Reading meetings: who belongs on a roster, what a roll says, who has not studied yet."""
