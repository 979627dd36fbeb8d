// A child is always younger than its parent: the condition on seq keeps even a damaged tree from going in circles.
/** The branch that ends in `messageId`, oldest first. */
export const pathSql = `
  WITH RECURSIVE branch AS (
    SELECT * FROM messages WHERE id = @messageId AND owner_id = @ownerId
    UNION ALL
    SELECT parent.* FROM messages AS parent JOIN branch ON parent.id = branch.parent_id
    WHERE parent.owner_id = @ownerId AND parent.seq < branch.seq)
  SELECT * FROM branch ORDER BY seq`;

export const newestLeafSql = `
  WITH RECURSIVE below AS (
    SELECT id, seq FROM messages WHERE id = @messageId AND owner_id = @ownerId
    UNION ALL
    SELECT child.id, child.seq FROM messages AS child JOIN below ON child.parent_id = below.id
    WHERE child.owner_id = @ownerId AND child.seq > below.seq)
  SELECT messages.* FROM below JOIN messages ON messages.id = below.id
  WHERE NOT EXISTS (SELECT 1 FROM messages AS child WHERE child.parent_id = below.id)
  ORDER BY below.seq DESC LIMIT 1`;
