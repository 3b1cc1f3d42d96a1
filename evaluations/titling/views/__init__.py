"""The pages on which titles are registered, worked for, appraised, decided and looked at again."""
