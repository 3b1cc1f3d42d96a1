"""What the first pages say: the ready sentence, what deserves attention, what is missing."""
