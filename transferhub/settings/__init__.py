"""Settings by situation: `dev`, `test` and `production`, all on `base`. The environment is read in `environment`."""
