import { configure } from "@testing-library/react";

// A screen may be fetched when it is first shown; on a busy machine that takes longer than the usual second.
configure({ asyncUtilTimeout: 10_000 });
