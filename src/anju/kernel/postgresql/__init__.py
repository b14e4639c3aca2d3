"""The database as Django speaks to it, with a pool that does not ask after every connection that it gives out."""
