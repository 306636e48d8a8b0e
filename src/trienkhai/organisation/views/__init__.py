"""Pages that read the organisation, and sign-ins. Pages that change it are in ``web``, where roll-outs follow."""
