"""Comments and issues on the systems that host repositories: GitHub and GitLab, by their REST APIs."""
