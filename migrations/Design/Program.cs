// Only a host for `dotnet ef`: see migrations/README.md.
return 0;
