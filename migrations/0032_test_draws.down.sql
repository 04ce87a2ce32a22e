drop table test_version_draws;
