"""The shapes of all answers. They write every answer, so nothing leaves that is not named here.

Names are those of schema.org where it has one. Times are ours, because schema.org knows no wall time.
"""
