"""A title on its way: registered, worked for, appraised, recognised, looked at each year, perhaps revoked."""
